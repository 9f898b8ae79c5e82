import type { Catalogue } from '@clubkeeper/shared'
import shared from '@clubkeeper/shared/messages/ru'
import type { Messages } from './en.ts'

const messages: Catalogue<Messages> = {
  ...shared,
  'club.title': 'Мой клуб',
  'club.find': 'Какой клуб?',
  'club.address': 'Короткое имя клуба, как в ссылке',
  'club.open': 'Открыть',
}

export default messages
