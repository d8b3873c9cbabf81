// A client's report as the provider reads it, with the client's consent.
import {loadTexts} from '../check/texts.js'
import {make} from './page.js'

export async function reportView(report, say) {
  const texts = await loadTexts(document.documentElement.lang)
  const findings = report.findings.map(finding => {
    const {sentence, remedy} = texts.finding(finding)
    return make('li', {}, make('strong', {}, sentence), ' ', remedy)
  })
  const rows = Object.values(report.checks).flatMap(({metrics}) => Object.entries(metrics)).map(([id, entry]) =>
    make('tr', {}, make('th', {scope: 'row'}, texts.metric(id)), make('td', {}, texts.measured(entry))))
  return make('div', {className: 'box'},
    findings.length ? make('ul', {}, ...findings) : make('p', {}, say('no-findings')),
    rows.length > 0 && make('div', {className: 'table', tabIndex: 0, role: 'group', ariaLabel: say('measured')},
      make('table', {}, make('caption', {}, say('measured')), make('tbody', {}, ...rows))))
}
