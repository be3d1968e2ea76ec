/** Builds the tests of the core for a browser: each file of the project is a file there too, so that a test finds its own in a stack. */
import { writeFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { madeOnce } from '../made-once.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Returns the folder with `index.html`, which is empty, and `worker.js`. */
export function builtCore(): Promise<string> {
  return madeOnce('core', ['page', 'src', 'test', 'package-lock.json'], async (outDir) => {
    const { build, mergeConfig } = await import('vite')
    const { default: ofPage } = await import('../../../page/vite.config.ts')
    const own = {
      configFile: false,
      root,
      logLevel: 'error',
      plugins: [named],
      build: {
        outDir,
        minify: false,
        modulePreload: false,
        rolldownOptions: {
          input: { worker: fileURLToPath(new URL('worker.ts', import.meta.url)) },
          output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
          // Tests import from Node what only those need that are skipped.
          shimMissingExports: true,
          onLog: () => {},
        },
      },
    }
    await build(mergeConfig(ofPage, own))
    writeFileSync(join(outDir, 'index.html'), '<!doctype html><link rel="icon" href="data:," />')
  })
}

/** Names each script for its source, as a stack in Node does. */
const named: Plugin = {
  name: 'named',
  renderChunk(code, { facadeModuleId }) {
    const file = relative(root, facadeModuleId ?? '')
    return /^\.tsx?$/.test(extname(file)) ? `${code}\n//# sourceURL=file:///${file}\n` : null
  },
}
