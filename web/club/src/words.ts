/** The words of this app in the language that is spoken, ready before the first page. */

import { language, words, type Catalogues, type Say } from '@clubkeeper/shared'
import type { Messages } from './messages/en.ts'

const catalogues: Catalogues<Messages> = {
  en: () => import('./messages/en.ts'),
  ru: () => import('./messages/ru.ts'),
  uk: () => import('./messages/uk.ts'),
  ar: () => import('./messages/ar.ts'),
}

export type Key = keyof Messages & string

/** The language that is spoken; it stays while the page is open. */
export const spoken = language()

/** Says a sentence: `say('list.more')`. */
export let say: Say<Messages>

export async function loadWords(): Promise<void> {
  say = await words(spoken, catalogues)
}
