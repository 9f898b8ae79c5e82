import type { Catalogue } from '@clubkeeper/shared'
import shared from '@clubkeeper/shared/messages/uk'
import type { Messages } from './en.ts'

const messages: Catalogue<Messages> = {
  ...shared,
  'console.title': 'Консоль',
  'console.welcome': 'Ви увійшли.',
  'console.email': 'Електронна пошта',
  'console.password': 'Пароль',
  'console.code': 'Код із застосунку-автентифікатора',
}

export default messages
