/** The staff's console begins here: the words of the language first, then the pages. */

import { dressDocument, language } from '@clubkeeper/shared'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { loadWords } from './words.ts'

async function start(): Promise<void> {
  dressDocument(language())
  const translations = await loadWords(language())
  const place = document.getElementById('app')
  if (!place) return
  createRoot(place).render(
    <StrictMode>
      <App translations={translations} />
    </StrictMode>,
  )
}

void start()
