/** `lab page`: serves the page. */
import type { Command } from 'commander'
import { RacelabError } from '../../errors.ts'
import { SHARED_EXIT_CODES_HELP } from '../../terminal/exit-code.ts'
import { wholeNumber } from '../../terminal/options.ts'
import { print } from '../../terminal/print.ts'
import { InterruptedError, onStop } from '../../terminal/stop-cause.ts'
import type { StopCause } from '../../terminal/stop-cause.ts'
import { openInBrowser } from '../page/open-in-browser.ts'
import { serveFolder } from '../page/static-server.ts'
import type { StaticServer } from '../page/static-server.ts'
import { builtPage } from './built-page.ts'
import { COMMAND } from './command.ts'

const PORT = 7357

/** The port cannot be had. */
class PortError extends RacelabError {
  readonly code = 'ERR_RACELAB_PORT'
}

interface PageFlags {
  readonly port: number
  readonly open?: true
}

/** Adds the subcommand to the program. */
export function addPage(program: Command): void {
  program
    .command('page')
    .description('Serve the page: see a race, step through it, be the scheduler; in a browser.')
    .option('--port <n>', 'the port, on this machine only; 0 takes a free one', wholeNumber(0, 65_535), PORT)
    .option('--open', 'open it in the browser')
    .addHelpText(
      'after',
      `
It is served until Ctrl-C.

Exit codes:
  2    the arguments are wrong, the port is taken, or the page is not built
${SHARED_EXIT_CODES_HELP}`,
    )
    .action(servePage)
}

async function servePage({ port, open }: PageFlags): Promise<never> {
  const server = await served(builtPage(), port)
  try {
    print(`The page is at ${server.url} until Ctrl-C.`)
    if (open) {
      openInBrowser(server.url, () => process.stderr.write(`No browser could be opened: open ${server.url} in one.\n`))
    }
    throw new InterruptedError(await stopped(), 'The page is no longer served.')
  } finally {
    server.close()
  }
}

async function served(folder: string, port: number): Promise<StaticServer> {
  try {
    return await serveFolder(folder, port)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'EADDRINUSE' ? 'is taken' : `cannot be had (${message})`
    throw new PortError(`The port ${port} ${why}. Take another: ${COMMAND} page --port <n>`, { cause: error })
  }
}

function stopped(): Promise<StopCause> {
  return new Promise((resolve) => {
    const off = onStop((cause) => {
      off()
      resolve(cause)
    })
  })
}
