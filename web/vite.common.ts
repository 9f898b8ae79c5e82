/** How both apps are built: hashed names, nothing inlined, and a limit for what loads at first. */

import { gzipSync } from 'node:zlib'
import type { Plugin, UserConfig } from 'vite'

/** A language's words, which are loaded apart from the app. */
const CATALOGUE = /\/src\/messages\/\w+\.ts$/

/** The platform that `make run` starts, for `npm run dev`. */
const PLATFORM = `http://127.0.0.1:${process.env.PORT ?? '8080'}`

/** `base` is where the app is served; `budget` in KiB is what a first visit may cost, gzipped. */
export function common(base: string, budget: number): UserConfig {
  return {
    base,
    logLevel: 'warn',
    build: {
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      license: { fileName: 'licences.txt' },
      chunkSizeWarningLimit: 4096,
      rolldownOptions: {
        output: {
          // Browsers keep what is named by its hash for a year: see infra/deploy/static.py.
          hashCharacters: 'hex',
          entryFileNames: 'assets/[name]-[hash:16].js',
          chunkFileNames: 'assets/[name]-[hash:16].js',
          assetFileNames: 'assets/[name]-[hash:16][extname]',
        },
      },
    },
    server: { proxy: { '^/(v1|media|t|01)/': PLATFORM } },
    plugins: [sizes(base, budget)],
  }
}

/**
 * Prints what a first visit loads (scripts and styles of the entry page, and the largest of the
 * catalogues, of which one is loaded), and holds it down.
 */
function sizes(base: string, budget: number): Plugin {
  return {
    name: 'sizes',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const first = new Set<string>()
      const visit = (name: string): void => {
        const chunk = bundle[name]
        if (first.has(name) || !chunk) return
        first.add(name)
        if (chunk.type !== 'chunk') return
        chunk.imports.forEach(visit)
        chunk.viteMetadata?.importedCss.forEach(visit)
      }
      const size = (name: string): number => {
        const file = bundle[name]
        return gzipSync(file?.type === 'chunk' ? file.code : (file?.source ?? '')).length
      }
      const words: number[] = []
      for (const each of Object.values(bundle)) {
        if (each.type !== 'chunk') continue
        if (each.isEntry) visit(each.fileName)
        if (CATALOGUE.test(each.facadeModuleId ?? '')) words.push(size(each.fileName))
      }
      const bytes = [...first].reduce((sum, name) => sum + size(name), Math.max(0, ...words))
      const kib = bytes / 1024
      console.log(`  ${base} first loads ${kib.toFixed(1)} KiB gzipped, of at most ${budget}.`)
      if (kib > budget) this.error(`A first visit costs ${kib.toFixed(1)} KiB, more than ${budget}.`)
    },
  }
}
