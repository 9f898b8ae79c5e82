/** The words of the console, react-admin's own among them, in the language that is spoken. */

import type { Catalogue, Language } from '@clubkeeper/shared'
import polyglot from 'ra-i18n-polyglot'
import english from 'ra-language-english'
import type { I18nProvider } from 'react-admin'
import type { Messages } from './messages/en.ts'

const catalogues: Record<Language, () => Promise<{ default: Catalogue<Messages> }>> = {
  en: () => import('./messages/en.ts'),
  ru: () => import('./messages/ru.ts'),
  uk: () => import('./messages/uk.ts'),
  ar: () => import('./messages/ar.ts'),
}

export async function loadWords(spoken: Language): Promise<I18nProvider> {
  const { default: own } = await catalogues[spoken]()
  return polyglot(() => ({ ...english, ...own }), spoken)
}
