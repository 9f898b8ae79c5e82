export type * from './api.d.ts'
export { Wish, client, data, intent, type Api } from './client.ts'
export { figures, words, type Catalogue, type Catalogues, type Figures, type Say } from './i18n.ts'
export {
  LANGUAGES,
  OWN_NAMES,
  chooseLanguage,
  direction,
  dressDocument,
  language,
  store,
  stored,
  type Language,
} from './languages.ts'
export { OFFLINE, Problem, UNREADABLE, problem } from './problems.ts'
export { Session, type Tokens } from './session.ts'
