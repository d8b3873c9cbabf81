// The verdict, the one thing to do first, and all that stands behind it.
import {button, list, make, sign} from './elements.js'
import {isInsideApp, permissionSteps, systemSteps} from './browser.js'

const outcomes = {'ready': 'good', 'usable': 'limited', 'not-ready': 'bad', 'not-measured': 'unknown'}
const works = {
  'yes': 'good', 'hd': 'good', 'standard': 'good', 'limited': 'limited', 'low': 'limited', 'no': 'bad',
  'none': 'bad', 'not-measured': 'unknown',
}

export function verdictView(report, texts) {
  const {outcome} = report.verdict
  return [
    make('div', {className: 'verdict', part: `verdict ${outcome}`},
      sign(outcomes[outcome] ?? 'unknown'),
      make('h2', {tabIndex: -1}, texts.say(`outcome-${outcome}`))),
    make('ul', {className: 'parts'}, ['audio', 'video', 'screen_share'].map(part => {
      const state = report.verdict[part]
      return make('li', {}, sign(works[state] ?? 'unknown'),
        make('span', {}, make('b', {}, texts.say(part)), texts.say(`${part}-${state}`)))
    })),
  ]
}

/** The finding that decides with its remedy and steps; then the others, and what was not measured. */
export function findingsView(report, texts, actions) {
  const deciding = report.findings.find(one => one.code === report.verdict.decided_by)
  const others = report.findings.filter(one => one !== deciding && one.severity !== 'note')
  const notes = report.findings.filter(one => one !== deciding && one.severity === 'note')
  return [
    deciding && firstView(deciding, report, texts, actions),
    others.length > 0 && [make('h3', {}, texts.say('also')), list(others.map(one => words(one, texts)))],
    notes.length > 0 && [make('h3', {}, texts.say('notes')), list(notes.map(one => words(one, texts)))],
    missing(report, texts),
  ].flat().filter(Boolean)
}

function firstView(finding, report, texts, actions) {
  const {sentence, remedy} = texts.finding(finding)
  const steps = stepsOf(finding.code, texts)
  const hasFallback = report.verdict.outcome === 'not-ready' && report.policy.fallback
  return make('section', {className: 'box', part: 'first'},
    make('h3', {}, texts.say('do-first')),
    make('p', {}, sentence),
    make('p', {}, make('strong', {}, remedy)),
    steps.length > 0 && list(steps, 'ol'),
    hasFallback && make('p', {}, texts.say('fallback', {fallback: report.policy.fallback})),
    actions(finding))
}

function stepsOf(code, texts) {
  if (/\.permission-denied$/.test(code)) return texts.steps(permissionSteps())
  if (/\.(permission-denied-by-system|in-use)$/.test(code)) return texts.steps(`system-${systemSteps()}`)
  return []
}

/** What a press can do about a finding, where one can; the `element` does it. */
export function actionsView({code, check}, texts, element) {
  const row = make('div', {className: 'row'})
  if (check !== 'network') row.append(button(texts.say('try-again'), () => element.testAgain(check)))
  if (/\.permission-blocked-by-page$/.test(code)) {
    row.append(button(texts.say('open-tab'), () => window.open(`${element.server}/check`, '_blank', 'noopener')))
  }
  if (/\.browser-unsupported$/.test(code) || (isInsideApp() && /\.permission-/.test(code))) {
    row.append(element.linkButton())
  }
  return row.childElementCount > 0 && row
}

function words(finding, texts) {
  const {sentence, remedy} = texts.finding(finding)
  return [sentence, ' ', make('span', {className: 'quiet'}, remedy)]
}

function missing(report, texts) {
  const lines = Object.entries(report.checks).filter(([, check]) => check.state !== 'measured')
    .map(([check, {reason}]) => texts.say('missing', {
      check: texts.say(check), reason: texts.say(`reason-${reason}`),
    }))
  return lines.length > 0 && [make('h3', {}, texts.say('not-tested')), list(lines)]
}

/** Every figure beside its limit, and where the limit comes from. */
export function detailsView(report, texts) {
  const rows = Object.values(report.checks).flatMap(check => Object.entries(check.metrics))
  const limit = entry => texts.quantity(entry, 'warn') || '–'
  const head = ['figure', 'value', 'limit', 'judged', 'source'].map(key =>
    make('th', {scope: 'col'}, texts.say(`column-${key}`)))
  return make('details', {part: 'details'},
    make('summary', {}, texts.say('details')),
    make('div', {className: 'table', tabIndex: 0, role: 'region', 'aria-label': texts.say('details')},
      make('table', {part: 'table'},
        make('thead', {}, make('tr', {}, head)),
        make('tbody', {}, rows.map(([id, entry]) => make('tr', {},
          make('th', {scope: 'row'}, texts.metric(id)),
          make('td', {}, texts.measured(entry)), make('td', {}, limit(entry)),
          make('td', {}, texts.say(`level-${entry.level}`)),
          make('td', {className: 'long', lang: 'en'}, entry.source ?? '–')))))),
    make('p', {className: 'code'}, report.findings.map(one => one.code).join(' ')),
    make('p', {className: 'code'}, `${report.made_by} · ${report.policy.name}`))
}

/** The report as text for a ticket. */
export function reportText(report, texts) {
  const lines = [texts.say(`outcome-${report.verdict.outcome}`), '']
  for (const finding of report.findings) {
    const {sentence, remedy} = texts.finding(finding)
    lines.push(`[${finding.code}] ${sentence} ${remedy}`)
  }
  lines.push('')
  for (const [name, check] of Object.entries(report.checks)) {
    const reason = check.reason ? ` (${texts.say(`reason-${check.reason}`)})` : ''
    lines.push(`${texts.say(name)}: ${texts.say(`state-${check.state}`)}${reason}`)
    for (const [id, entry] of Object.entries(check.metrics)) {
      const limit = texts.quantity(entry, 'warn')
      lines.push(`  ${texts.metric(id)}: ${texts.measured(entry)}${limit ? ` (${texts.say('column-limit')}: ${limit})` : ''}`)
    }
  }
  lines.push('', `${report.started_at} · ${report.made_by} · ${report.policy.name}`)
  return lines.join('\n')
}
