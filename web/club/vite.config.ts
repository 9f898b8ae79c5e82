import { defineConfig } from 'vite'
import { common } from '../vite.common.ts'

export default defineConfig(common('/', 60))
