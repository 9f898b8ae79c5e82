import type { Catalogue } from '@clubkeeper/shared'
import shared from '@clubkeeper/shared/messages/ru'
import type { Messages } from './en.ts'

const messages: Catalogue<Messages> = {
  ...shared,
  'console.title': 'Консоль',
  'console.welcome': 'Вы вошли.',
  'console.email': 'Электронная почта',
  'console.password': 'Пароль',
  'console.code': 'Код из приложения-аутентификатора',
}

export default messages
