// The page of the check alone: takes its language from its address.
import {languageOf} from './texts.js'
import '../precall-check.js'

const asked = new URLSearchParams(location.search)
const language = languageOf(asked.get('lang'))
const titles = {en: 'Test my connection', es: 'Probar mi conexión'}
const help = {en: 'If nothing helps, call your clinic.', es: 'Si nada ayuda, llame a su clínica.'}

document.documentElement.lang = language
document.title = titles[language]
document.querySelector('[data-title]').textContent = titles[language]
document.querySelector('[data-help]').textContent = help[language]
document.getElementById('check').locale = language
