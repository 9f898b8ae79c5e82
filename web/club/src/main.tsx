/** The member's app begins here: the words of the language first, then the pages. */

import '@picocss/pico/css/pico.jade.min.css'
import './app.css'
import { dressDocument } from '@clubkeeper/shared'
import { QueryClientProvider } from '@tanstack/preact-query'
import { render } from 'preact'
import { App } from './app.tsx'
import { queries } from './data.ts'
import { loadWords, spoken } from './words.ts'

async function start(): Promise<void> {
  dressDocument(spoken)
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
