import type { Catalogue } from '../i18n.ts'
import type { Shared } from './en.ts'

const messages: Catalogue<Shared> = {
  'shared.cancel': 'إلغاء',
  'shared.close': 'إغلاق',
  'shared.language': 'اللغة',
  'shared.loading': 'جارٍ التحميل…',
  'shared.retry': 'أعد المحاولة',
  'shared.save': 'حفظ',
  'shared.sign_in': 'تسجيل الدخول',
  'shared.sign_out': 'تسجيل الخروج',
  'shared.offline': 'لا يوجد اتصال. تحقّق من الشبكة ثم أعد المحاولة.',
  'shared.unreadable': 'حدث خطأ من جانبنا. أعد المحاولة بعد دقيقة.',
}

export default messages
