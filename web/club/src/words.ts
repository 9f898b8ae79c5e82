/** The words of this app in the language that is spoken, ready before the first page. */

import { language, words, type Catalogues, type Say } from '@clubkeeper/shared'
import type { Messages } from './messages/en.ts'

const catalogues: Catalogues<Messages> = {
  en: () => import('./messages/en.ts'),
  ru: () => import('./messages/ru.ts'),
  uk: () => import('./messages/uk.ts'),
  ar: () => import('./messages/ar.ts'),
}

/** Says a sentence: `say('club.balance', 3)`. */
export let say: Say<Messages>

export async function loadWords(): Promise<void> {
  say = await words(language(), catalogues)
}
