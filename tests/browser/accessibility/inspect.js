// What axe-core leaves open, looked for in one tree: a widget's shadow root, or a page of the publisher's.
// A list of what is wrong; nothing is changed.
(root) => {
  const faults = [];
  const inside = root.body ?? root;
  const all = [...inside.querySelectorAll('*')];
  const SEEN = { __proto__: null, opacityProperty: true, visibilityProperty: true };
  // What is for programs alone is cut down to nothing, and so is what is for screen readers alone.
  const isCut = (element) => !!element.closest('.aw-trap, .trap, .offscreen');
  const isSeen = (element) => element.checkVisibility(SEEN) && !isCut(element);
  const name = (element) => `${element.localName}.${element.className} “${element.textContent.trim().slice(0, 40)}”`;

  // ---- colours (1.4.3, 1.4.11)
  // A control that does nothing now is free to be pale.
  const isInactive = (element) => !!element.closest(':disabled, [aria-disabled=true]');
  const opacity = (element) => (element ? getComputedStyle(element).opacity * opacity(parent(element)) : 1);
  const checkInk = (element, style, what) => {
    const back = paper(element);
    const [r, g, b, a] = read(style.color);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = contrast(over([r, g, b, a * opacity(element)], back), back);
    if (ratio < (isLarge ? 3 : 4.5)) faults.push(`${what} of ${ratio.toFixed(2)}:1: ${name(element)}`);
  };
  let looked = 0;
  const walker = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element || !walker.currentNode.data.trim() || !isSeen(element) || isInactive(element)) continue;
    if (/^(style|script|option)$/.test(element.localName)) continue;
    looked += 1;
    checkInk(element, getComputedStyle(element), 'text');
  }
  for (const element of all.filter((element) => isSeen(element) && !isInactive(element))) {
    // Firefox has a picture's alternative there, until the picture has come.
    const pseudos = element.localName === 'img' ? [] : ['::before', '::after'];
    for (const pseudo of pseudos) {
      const style = getComputedStyle(element, pseudo);
      if (/\w|[·—]/.test(style.content) && !/^(none|normal)$/.test(style.content)) checkInk(element, style, 'generated text');
    }
    if (!element.matches('input:not([type=hidden]), select, textarea, button, .aw-button')) continue;
    if (!/^(checkbox|radio)$/.test(element.type)) {
      if (element.value) checkInk(element, getComputedStyle(element), 'a value');
      checkEdge(element);
    }
  }
  // One without an edge is known by its words.
  function checkEdge(element) {
    const { borderTopWidth, borderTopColor } = getComputedStyle(element);
    if (!parseFloat(borderTopWidth)) return;
    const around = paper(parent(element));
    const edges = [paper(element), over(read(borderTopColor), around)];
    if (!edges.some((edge) => contrast(edge, around) >= 3)) faults.push(`a pale edge: ${name(element)}`);
  }

  // ---- names and references, all in this tree (1.3.1, 4.1.2)
  const ids = all.map(({ id }) => id).filter(Boolean);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`twice: #${id}`);
  const refers = (element, attribute) => (element.getAttribute(attribute) ?? '').split(' ').filter(Boolean);
  for (const element of all) {
    for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
      for (const id of refers(element, attribute)) if (!ids.includes(id)) faults.push(`${attribute} leads nowhere: ${id}`);
    }
    if (element.localName === 'label' && !element.control) faults.push(`a label of nothing: ${name(element)}`);
    if (element.matches('input:not([type=hidden]), select, textarea') && !element.labels.length && !element.ariaLabel) faults.push(`no label: ${element.name}`);
    if (element.localName === 'img' && !element.hasAttribute('alt')) faults.push(`no alternative: ${element.src}`);
    if (!root.body && element.matches('aside, article, form.aw-panel, [role=group]') && !element.ariaLabel && !element.hasAttribute('aria-labelledby')) faults.push(`no name: ${name(element)}`);
  }

  // ---- headings, none left out (2.4.6)
  // The first is the page's own, around a widget.
  let level = root.body ? 0 : 1;
  for (const heading of all.filter((element) => /^h[1-6]$/.test(element.localName) && element.checkVisibility())) {
    const now = Number(heading.localName[1]);
    if (now > level + 1) faults.push(`from h${level} to h${now}: ${name(heading)}`);
    level = now;
  }

  // ---- targets of 24 pixels, or in a line of text (2.5.8)
  for (const element of all.filter((element) => element.matches('a[href], button, summary, input:not([type=hidden]), select, textarea') && isSeen(element))) {
    if (getComputedStyle(element).display === 'inline' && element.localName === 'a') continue;
    // Spread over what is around it.
    if (getComputedStyle(element, '::after').position === 'absolute') continue;
    const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
    const reach = (side) => Math.max(...boxes.map((box) => box[side]));
    if (reach('width') < 24 || reach('height') < 24) faults.push(`a target of ${reach('width')}x${reach('height')}: ${name(element)}`);
  }

  // ---- nothing cut off, nothing wider than the window (1.4.4, 1.4.10, 1.4.12)
  for (const element of all.filter(isSeen)) {
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    // Heard and not seen: its box is a pixel.
    if (clipPath !== 'none') continue;
    if (overflowY !== 'visible' && !/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1 && element.localName !== 'input') faults.push(`cut off below: ${name(element)}`);
    if (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1 && element.localName !== 'input') faults.push(`cut off at a side: ${name(element)}`);
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) faults.push(`the page is ${scrollWidth} wide in a window of ${innerWidth}`);
  return { looked, faults: [...new Set(faults)] };
}
