import type { Catalogue } from '@clubkeeper/shared'
import shared from '@clubkeeper/shared/messages/uk'
import type { Messages } from './en.ts'

const messages: Catalogue<Messages> = {
  ...shared,
  'club.title': 'Мій клуб',
  'club.find': 'Який клуб?',
  'club.address': 'Коротка назва клубу, як у посиланні',
  'club.open': 'Відкрити',
}

export default messages
