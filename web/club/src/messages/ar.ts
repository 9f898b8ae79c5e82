import type { Catalogue } from '@clubkeeper/shared'
import shared from '@clubkeeper/shared/messages/ar'
import type { Messages } from './en.ts'

const messages: Catalogue<Messages> = {
  ...shared,
  'club.title': 'ناديّ',
  'club.find': 'أيّ نادٍ؟',
  'club.address': 'الاسم القصير للنادي كما في رابطه',
  'club.open': 'فتح',
}

export default messages
