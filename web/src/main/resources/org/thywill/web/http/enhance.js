'use strict';
// Everything works without this file. It keeps drafts, shows times in the reader's zone, looks again where somebody waits, and selects a link to be copied.
(function () {
  function keepDraft(form) {
    var key = 'draft:' + form.dataset.draft;
    var field = form.querySelector('textarea');
    if (!field.value) { field.value = localStorage.getItem(key) || ''; }
    field.addEventListener('input', function () { localStorage.setItem(key, field.value); });
  }
  function showLocally(time) {
    time.title = new Date(time.dateTime).toLocaleString();
  }
  function lookAgain(place) {
    setTimeout(function () {
      var isWriting = document.activeElement && document.activeElement.matches('textarea, input, select');
      if (isWriting) { lookAgain(place); } else { location.reload(); }
    }, 1000 * Number(place.dataset.refresh));
  }
  // A draft is kept until the server has said that the text is safe.
  if (/[?&]said=(asked|praised|applied|news_added)\b/.test(location.search)) {
    Object.keys(localStorage).filter(function (key) { return key.startsWith('draft:'); }).forEach(function (key) { localStorage.removeItem(key); });
  }
  document.querySelectorAll('form[data-draft]').forEach(keepDraft);
  document.querySelectorAll('time[datetime]').forEach(showLocally);
  document.querySelectorAll('[data-refresh]').forEach(lookAgain);
  document.querySelectorAll('[data-print]').forEach(function (button) { button.hidden = false; button.addEventListener('click', function () { print(); }); });
  document.querySelectorAll('[data-copy]').forEach(function (field) { field.addEventListener('focus', function () { field.select(); }); });
})();
