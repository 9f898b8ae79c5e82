/**
 * What the compiler cannot see of the catalogues: that every sentence has the same values in it in
 * all languages, as many plural forms as the language, and is not left in English.
 */

import { runnerImport } from 'vite'

const FORMS = { en: 2, ru: 3, uk: 3, ar: 6 }

const faults = []
for (const app of ['shared', 'club', 'console']) {
  const load = async (language) =>
    (await runnerImport(`./${app}/src/messages/${language}.ts`)).module.default
  const english = await load('en')
  for (const language of Object.keys(FORMS)) {
    const sentences = await load(language)
    for (const [key, text] of Object.entries(sentences)) {
      const fault = wrong(text, english[key], language)
      if (fault) faults.push(`${app}, ${language}, ${key}: ${fault}`)
    }
  }
}
if (faults.length) {
  console.error(faults.join('\n'))
  process.exitCode = 1
}

function wrong(text, english, language) {
  const forms = text.split('||||')
  if (forms.some((form) => !form.trim())) return 'an empty sentence'
  const plural = english.includes('||||')
  if (forms.length !== (plural ? FORMS[language] : 1)) return `${forms.length} plural forms`
  // Forms for one, two or none may say the number in words.
  const wanted = values(english)
  const given = values(text)
  if (wanted.join() !== given.join()) return `values ${given.join()} instead of ${wanted.join()}`
  if (language !== 'en' && text === english && /\p{Ll}{3}/u.test(bare(text))) return 'left in English'
  return ''
}

/** Without what is the same in all languages. */
function bare(text) {
  return text.replace(/%\{\w+\}|e-mail/gi, '')
}

function values(text) {
  return [...new Set(text.match(/%\{\w+\}/g) ?? [])].sort()
}
