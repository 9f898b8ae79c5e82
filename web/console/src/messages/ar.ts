import type { Catalogue } from '@clubkeeper/shared'
import shared from '@clubkeeper/shared/messages/ar'
import type { Messages } from './en.ts'

const messages: Catalogue<Messages> = {
  ...shared,
  'console.title': 'لوحة الإدارة',
  'console.welcome': 'لقد سجّلت الدخول.',
  'console.email': 'البريد الإلكتروني',
  'console.password': 'كلمة المرور',
  'console.code': 'رمز تطبيق المصادقة',
}

export default messages
