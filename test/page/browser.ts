/** Opens the page in Chromium, as a reader has it: built, and served by the command's own server. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, describe, test } from 'vitest'
import { serveFolder } from '../../src/lab/page/static-server.ts'
import { madeOnce } from './made-once.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Whether the tests in a browser can run here. */
export function hasChromium(): boolean {
  return existsSync(CHROMIUM)
}

/** Tests that need Chromium. Where it is absent, one skipped test says how to get it. */
export function describeInBrowser(name: string, body: () => void): void {
  if (hasChromium()) describe(name, body)
  else describe(name, () => test.skip('needs Chromium: apt-get install chromium'))
}

export interface Opening {
  /** What comes after the address of the folder, for example `#/explore`. */
  readonly path?: string
  /** In pixels; default 1280. */
  readonly width?: number
  readonly dark?: boolean
  /** Anything else that a browser lets a reader choose, for example `javaScriptEnabled`. */
  readonly also?: BrowserContextOptions
}

/** Opens the page and calls `body`. Fails if the page writes an error to the console, or throws one that it does not catch. */
export async function withPage(body: (page: Page, url: string) => Promise<void>, opening: Opening = {}): Promise<void> {
  const { url } = await served()
  await withPageAt(`${url}${opening.path ?? ''}`, (page) => body(page, url), opening)
}

/** As withPage, for any address. */
export async function withPageAt(
  address: string,
  body: (page: Page) => Promise<void>,
  { width = 1280, dark = false, also }: Opening = {},
): Promise<void> {
  const context = await (
    await browser()
  ).newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    ...also,
  })
  const errors: string[] = []
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
    await page.goto(address)
    await body(page)
  } catch (cause) {
    if (errors.length === 0) throw cause
    throw reported(errors, cause)
  } finally {
    await context.close()
  }
  if (errors.length > 0) throw reported(errors)
}

/** What the page itself reports often says why a test waited in vain. */
function reported(errors: readonly string[], cause?: unknown): Error {
  return new Error(`The page reported errors:\n${errors.join('\n')}`, { cause })
}

/** The address and the folder of the page's build, which a server of this test file serves. */
export const served = once(async () => {
  const folder = await madeOnce('page', ['page', 'src', 'package-lock.json'], buildPage)
  const server = await serveFolder(folder)
  atEnd(() => server.close())
  return { url: server.url, folder }
})

/** The browser of this test file. */
export const browser = once(async (): Promise<Browser> => {
  const launched = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  atEnd(() => launched.close())
  return launched
})

async function buildPage(outDir: string): Promise<void> {
  const { build } = await import('vite')
  await build({ configFile: 'page/vite.config.ts', logLevel: 'error', build: { outDir, emptyOutDir: true } })
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined
  return () => (made ??= make())
}

const endings: (() => unknown)[] = []

function atEnd(ending: () => unknown): void {
  endings.push(ending)
}

afterAll(async () => {
  for (const ending of endings) await ending()
})
