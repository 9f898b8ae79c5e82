import react from '@vitejs/plugin-react'
import { defineConfig, mergeConfig } from 'vite'
import { common } from '../vite.common.ts'

export default defineConfig(mergeConfig(common('/console/', 350), { plugins: [react()] }))
