// DOM by functions: text goes in as text only, so that nothing measured or named can become markup.

export function make(name, properties = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (key in element && key !== 'part' && key !== 'role') element[key] = value
    else element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return element
}

export function button(words, press, kind = 'plain') {
  const onclick = event => {
    // Safari gives a button that is pressed no focus; what is shown next takes it from here.
    event.currentTarget.focus({preventScroll: true})
    press(event)
  }
  return make('button', {type: 'button', part: `button ${kind}`, className: kind, onclick}, words)
}

/** Numbered (`ol`) only where one comes after the other, as steps do. */
export function list(items, kind = 'ul') {
  return make(kind, {}, items.map(item => make('li', {}, item)))
}

/** A sign beside words, for those who see; the words alone say it all. */
export function sign(state) {
  const signs = {good: '✓', limited: '!', bad: '✕', busy: '…', waiting: '○', unknown: '?'}
  return make('span', {className: `sign ${state}`, 'aria-hidden': 'true'}, signs[state])
}

/** Puts `content` in place of what `parent` shows, and the focus on its heading. */
export function show(parent, content, focus = true) {
  parent.replaceChildren(...[content].flat())
  if (focus) parent.querySelector('[tabindex="-1"]')?.focus({preventScroll: false})
}
