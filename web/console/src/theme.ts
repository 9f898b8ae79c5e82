/** Colours dark enough to be read on white (WCAG AA), and the direction of the language. */

import { direction, language } from '@clubkeeper/shared'
import { defaultDarkTheme, defaultLightTheme, type RaThemeOptions } from 'react-admin'

const written = direction(language())

export const light: RaThemeOptions = {
  ...defaultLightTheme,
  direction: written,
  palette: { mode: 'light', primary: { main: '#0b5cad' }, secondary: { main: '#1c2430' } },
}

export const dark: RaThemeOptions = { ...defaultDarkTheme, direction: written }
