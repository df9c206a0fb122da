// How an open share menu closes: by Escape, by a click elsewhere, by a button of its own that has done its
// work, and when Tab has led out of it. The build appends this to the glue, where it weighs a quarter of what
// it would in the Wasm; the menu itself is a `details` and opens without any script.

const openMenus = new Set();

/**
 * Watches the share menu that is in an element, or comes into it.
 * @param {Element} mount
 */
export function watchMenu(mount) {
  // The event does not bubble. A menu that the reader opened before the script ran has had its own.
  mount.addEventListener("toggle", ({ target }) => noteMenu(target), true);
  for (const details of mount.querySelectorAll("details")) noteMenu(details);
}

// The document is heard while a menu is open, and no longer. One that was taken away open is closed by the
// next event.
function noteMenu(details) {
  if (!details.matches(".aw-share")) return;
  openMenus[details.open ? "add" : "delete"](details);
  const change = openMenus.size ? "addEventListener" : "removeEventListener";
  // Not the document's own method, which a form of the host's may hide by its name.
  for (const type of ["click", "keyup"]) window[change].call(document, type, leaveMenus, { __proto__: null, passive: true });
}

function leaveMenus(event) {
  const path = event.composedPath();
  for (const menu of openMenus) {
    if (!isLeft(path.includes(menu), event, path[0])) continue;
    menu.open = false;
    // Where it is no longer in a page, its own event reaches nobody.
    noteMenu(menu);
    if (event.key === "Escape") menu.querySelector("summary").focus();
  }
}

// Not by `focusin`: the focus moves when the mouse goes down, and what is below the menu would be gone from
// under it before that is a click.
function isLeft(inside, { type, key }, target) {
  if (type === "click") return !inside || target.closest("button");
  return key === "Escape" || (key === "Tab" && !inside);
}
