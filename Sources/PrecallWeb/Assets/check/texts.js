// Words in the person's language. Codes are never translated; what a language lacks is said in English.

import {bounded} from './bounded.js'

const known = ['en', 'es']
const longest = 10_000
const loaded = new Map()

/** The best known language for `wanted`, or for what the browser asks for. */
export function languageOf(wanted) {
  const asked = wanted ? [wanted] : navigator.languages ?? [navigator.language]
  for (const one of asked) {
    const language = one.toLowerCase().split('-')[0]
    if (known.includes(language)) return language
  }
  return 'en'
}

export async function loadTexts(language) {
  if (!loaded.has(language)) {
    const address = new URL(`../locales/${language}.json`, import.meta.url)
    const texts = fetch(address, {credentials: 'omit'}).then(answer => answer.json())
    loaded.set(language, bounded(texts, longest))
  }
  try {
    return new Texts(await loaded.get(language))
  } catch (error) {
    loaded.delete(language)
    throw error
  }
}

export class Texts {
  constructor(json) {
    this.json = json
    this.language = json.language
    this.direction = json.direction
  }

  /** The words at `key` of the page, with `{name}` replaced. */
  say(key, values = {}) {
    const words = this.json.page[key] ?? key
    return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
  }

  has(key) { return key in this.json.page }

  steps(key) { return this.json.steps[key] ?? [] }

  /** Sentence and remedy of a finding: translated where known, else the engine's own. */
  finding({code, sentence, remedy}) {
    return this.json.findings[code] ?? {sentence, remedy}
  }

  metric(id) { return this.json.metrics[id] ?? id }

  /** A member `measured_us: 42000` in words, with its unit. */
  quantity(entry, name = 'measured') {
    for (const [unit, write] of Object.entries(units)) {
      const value = entry[`${name}_${unit}`]
      if (value !== undefined) return write(value, this)
    }
    return ''
  }

  /** The figure of an entry; one that has a low end alone may be more. */
  measured(entry) {
    const has = end => Object.keys(entry).some(key => key.startsWith(end))
    const amount = this.quantity(entry)
    return has('low_') && !has('high_') ? this.say('at-least', {amount}) : amount
  }

  number(value, digits = 0) {
    return new Intl.NumberFormat(this.language, {maximumFractionDigits: digits}).format(value)
  }
}

/** A browser's clock and its own work blur shorter times than this. */
const shortestTime = 5000

const units = {
  us: (value, texts) => {
    if (value >= 0 && value < shortestTime) return texts.say('under', {amount: `${texts.number(5)} ms`})
    return Math.abs(value) >= 10_000_000
      ? `${texts.number(value / 1e6)} s` : `${texts.number(value / 1000)} ms`
  },
  ppm: (value, texts) => `${texts.number(value / 10_000, Math.abs(value) < 1000 ? 2 : 1)} %`,
  bps: (value, texts) => value >= 1_000_000
    ? `${texts.number(value / 1e6, value < 1e8 ? 1 : 0)} Mbit/s` : `${texts.number(value / 1000)} kbit/s`,
  bytes: (value, texts) => `${texts.number(value / 1e6, 1)} MB`,
  mdb: (value, texts) => `${texts.number(value / 1000, 1)} dB`,
  mhz: (value, texts) => texts.say('per-second', {amount: texts.number(value / 1000, 1)}),
  hz: (value, texts) => `${texts.number(value / 1000, 1)} kHz`,
  milli: (value, texts) => texts.number(value / 1000, 1),
  count: (value, texts) => texts.number(value),
}
