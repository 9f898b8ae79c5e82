/** The member's app begins here: the words of the language first, then the pages. */

import '@picocss/pico/css/pico.min.css'
import './app.css'
import { dressDocument, language } from '@clubkeeper/shared'
import { QueryClientProvider } from '@tanstack/preact-query'
import { render } from 'preact'
import { queries } from './api.ts'
import { App } from './app.tsx'
import { loadWords } from './words.ts'

async function start(): Promise<void> {
  dressDocument(language())
  await loadWords()
  const place = document.getElementById('app')
  if (!place) return
  render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
    place,
  )
}

void start()
