/*! article-widget: the copy buttons of the page for partners. MIT OR Apache-2.0 */

// Without it the buttons are not there, and the fields can be selected all the same.
(() => {
  'use strict';

  const copy = async (field) => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // Over plain HTTP there is no clipboard but this one.
      return document.execCommand('copy');
    }
  };

  for (const button of document.querySelectorAll('button[data-copies]')) {
    const field = document.getElementById(button.dataset.copies);
    const status = button.nextElementSibling;
    button.addEventListener('click', async () => {
      status.textContent = (await copy(field)) ? button.dataset.done : '';
    });
    button.hidden = false;
  }
})();
