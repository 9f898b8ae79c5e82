/** The languages of the apps, which of them this browser uses, and its direction of writing. */

export const LANGUAGES = ['en', 'ru', 'uk', 'ar'] as const
export type Language = (typeof LANGUAGES)[number]

/** What each language calls itself. */
export const OWN_NAMES: Record<Language, string> = {
  en: 'English',
  ru: 'Русский',
  uk: 'Українська',
  ar: 'العربية',
}

const KEPT = 'clubkeeper.language'

/** The language that was chosen here, else the first of the browser's that we speak, else English. */
export function language(): Language {
  const wished = [stored(KEPT) ?? '', ...navigator.languages]
  for (const each of wished) {
    const found = LANGUAGES.find((known) => each.toLowerCase().split('-')[0] === known)
    if (found) return found
  }
  return 'en'
}

/** Remember a choice. Words are loaded with the page, so the page is loaded again. */
export function chooseLanguage(chosen: Language): void {
  store(KEPT, chosen)
  location.reload()
}

export function direction(of: Language): 'ltr' | 'rtl' {
  return of === 'ar' ? 'rtl' : 'ltr'
}

/** Tell the document which language it is in, for screen readers, fonts and the layout. */
export function dressDocument(spoken: Language): void {
  document.documentElement.lang = spoken
  document.documentElement.dir = direction(spoken)
}

/** What was kept here under a name; nothing where the browser keeps nothing. */
export function stored(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/** Keep a value under a name, or with null forget it. A browser that keeps nothing only forgets. */
export function store(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    return
  }
}
