/** The words of the language in which this page was loaded. */

import { direction, dressDocument, language, words } from '@clubkeeper/shared'
import type { Words } from './messages/en.ts'

export const spoken = language()
export const dir = direction(spoken)
dressDocument(spoken)

/** Says the sentence of a key. */
export const say = await words<Words>(spoken, {
  en: () => import('./messages/en.ts'),
  ru: () => import('./messages/ru.ts'),
  uk: () => import('./messages/uk.ts'),
  ar: () => import('./messages/ar.ts'),
})
