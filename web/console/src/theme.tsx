/** How the console looks: dark enough for small text everywhere, the same in both directions. */

import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import rtl from '@mui/stylis-plugin-rtl'
import type { ReactNode } from 'react'
import type { RaThemeOptions } from 'react-admin'
import { prefixer } from 'stylis'
import { dir } from './spoken.ts'

const cache = createCache(
  dir === 'rtl' ? { key: 'ar', stylisPlugins: [prefixer, rtl] } : { key: 'ck' },
)

const INK = '#17252e'
const CALM = '#47565f'

export const theme: RaThemeOptions = {
  direction: dir,
  sidebar: { width: 216, closedWidth: 56 },
  palette: {
    primary: { main: '#0a5c6e', dark: '#07424f', light: '#e1eff2', contrastText: '#fff' },
    secondary: { main: '#8a4b08', contrastText: '#fff' },
    success: { main: '#17663a', contrastText: '#fff' },
    warning: { main: '#8a4b08', contrastText: '#fff' },
    error: { main: '#a8201a', contrastText: '#fff' },
    info: { main: '#0a5c6e', contrastText: '#fff' },
    text: { primary: INK, secondary: CALM },
    background: { default: '#f3f6f7', paper: '#fff' },
  },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif',
    h1: { fontSize: '1.6rem', fontWeight: 650 },
    h2: { fontSize: '1.1rem', fontWeight: 650 },
    h3: { fontSize: '1rem', fontWeight: 650 },
    button: { textTransform: 'none', fontWeight: 600 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        '@media (prefers-reduced-motion: reduce)': {
          '*, *::before, *::after': { transition: 'none !important', animation: 'none !important' },
        },
      },
    },
    MuiPaper: { defaultProps: { elevation: 0 } },
    MuiCard: { styleOverrides: { root: { border: '1px solid #dbe3e6' } } },
    MuiTextField: { defaultProps: { variant: 'outlined', size: 'small', fullWidth: true } },
    MuiButton: { defaultProps: { disableElevation: true } },
    MuiTableCell: {
      styleOverrides: { head: { fontWeight: 650, color: CALM, whiteSpace: 'nowrap' } },
    },
    MuiLink: { defaultProps: { underline: 'always' } },
    MuiAppBar: { defaultProps: { elevation: 0 } },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: '1.2rem', fontWeight: 650 } } },
    MuiFormHelperText: { styleOverrides: { root: { color: CALM } } },
  },
}

/** Styles of all that is inside, mirrored where the language is written from right to left. */
export function Styles({ children }: { children: ReactNode }): ReactNode {
  return <CacheProvider value={cache}>{children}</CacheProvider>
}
