/** How the page is built: `src/` as it is, with `node/` in the place of what it imports from Node. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { ISOLATION, POLICY } from '../src/lab/page/headers.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const headers = { ...ISOLATION, ...POLICY }

const seam: Plugin = {
  name: 'node-modules',
  enforce: 'pre',
  resolveId(id) {
    if (!id.startsWith('node:')) return null
    const file = here(`./node/${id.slice('node:'.length)}.ts`)
    return existsSync(file) ? file : here('./node/absent.ts')
  },
}

export default defineConfig({
  root: here('.'),
  // Relative, so that the files can be served from any folder.
  base: './',
  plugins: [seam],
  build: { outDir: here('../dist/page'), emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 1500 },
  worker: { format: 'es', plugins: () => [seam] },
  server: { headers },
  preview: { headers },
})
