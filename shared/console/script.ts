/**
 * The only script of the console, as the browser gets it. It shows changes without a reload: when a server-sent event
 * arrives, it fetches the same page again and replaces the parts that differ. Without the script every page works the
 * same, by reloading. A part in which somebody is writing is never replaced; it shows a note if it is out of date.
 */
export const SCRIPT = `'use strict';
(() => {
  const main = document.querySelector('main[data-watch]');
  const status = document.getElementById('live');
  if (main === null || status === null) return;
  const FOCUSABLE = 'a[href],button,summary,textarea,input,select,pre[tabindex]';
  const trusted = window.trustedTypes?.createPolicy('firebreak', { createHTML: (text) => text });
  let signature = main.dataset.signature;
  let source;
  let lost;
  let retry;
  let refreshing = false;
  let again = false;

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
    // The footer of a long page is out of sight: what is not live comes into view.
    status.parentElement.classList.toggle('behind', text !== 'Live');
  };

  const isInUse = (part) =>
    [...part.querySelectorAll('textarea')].some((field) => field.value !== '') ||
    (part.querySelector('form') !== null && part.contains(document.activeElement));

  const put = (old, next) => {
    const open = [...old.querySelectorAll('details')].map((one) => one.open);
    const at = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    next.querySelectorAll('details').forEach((one, n) => {
      if (open[n]) one.open = true;
    });
    old.replaceWith(next);
    if (at >= 0) next.querySelectorAll(FOCUSABLE)[at]?.focus({ preventScroll: true });
  };

  const merge = (page) => {
    const fresh = page.querySelector('main[data-watch]');
    if (fresh === null) return location.reload();
    for (const old of document.querySelectorAll('[data-live]')) {
      const next = page.querySelector('[data-live="' + old.dataset.live + '"]');
      if (next === null || old.outerHTML === next.outerHTML) continue;
      if (!isInUse(old)) put(old, document.importNode(next, true));
      else if (old.dataset.version !== next.dataset.version) {
        for (const note of old.querySelectorAll('.stale')) note.hidden = false;
      }
    }
    if (document.title !== page.title) document.title = page.title;
    if (main.dataset.say !== fresh.dataset.say) {
      main.dataset.say = fresh.dataset.say;
      document.getElementById('news').textContent = fresh.dataset.say;
    }
    signature = fresh.dataset.signature;
  };

  const refresh = async () => {
    if (refreshing) {
      again = true;
      return;
    }
    refreshing = true;
    try {
      const response = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'error' });
      if (!response.ok) throw new Error(String(response.status));
      const text = await response.text();
      merge(new DOMParser().parseFromString(trusted ? trusted.createHTML(text) : text, 'text/html'));
      say(source.readyState === EventSource.CLOSED ? 'Not live: too many watch, so this page is read every half minute' : 'Live');
    } catch {
      say('Not up to date: reload the page, or wait, it is tried again');
      retry ??= setTimeout(() => {
        retry = undefined;
        refresh();
      }, 5000);
    } finally {
      refreshing = false;
    }
    if (again) {
      again = false;
      await refresh();
    }
  };

  const watch = () => {
    if (document.hidden || (source !== undefined && source.readyState !== EventSource.CLOSED)) return;
    source = new EventSource(main.dataset.watch);
    source.addEventListener('open', () => {
      clearTimeout(lost);
      lost = undefined;
      say('Live');
    });
    source.addEventListener('state', (event) => {
      if (event.data !== signature) refresh();
    });
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) {
        // There is no place among those that watch: until there is, what has changed is asked for.
        clearTimeout(lost);
        lost = undefined;
        refresh();
        setTimeout(watch, 30000);
        return;
      }
      // A stream that has lasted its time is taken up again at once: nobody needs to hear of that.
      lost ??= setTimeout(() => say('Not live: the connection is lost, trying again'), 4000);
    });
  };

  const span = (ms) => {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const [count, unit] =
      seconds < 60 ? [seconds, 's'] : seconds < 3600 ? [seconds / 60, 'min'] : seconds < 86400 ? [seconds / 3600, 'h'] : [seconds / 86400, 'd'];
    return Math.floor(count) + ' ' + unit;
  };

  const ages = () => {
    for (const one of document.querySelectorAll('time[data-age]')) one.textContent = span(Date.now() - Date.parse(one.dateTime)) + ' ago';
    for (const one of document.querySelectorAll('time[data-left]')) {
      const left = Date.parse(one.dateTime) - Date.now();
      one.textContent = left > 0 ? span(left) + ' from now' : 'which is over';
    }
  };

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) source?.close();
    else watch();
  });
  setInterval(ages, 10000);
  watch();
})();
`;
