/** Opens an address in the reader's browser. */
import { spawn } from 'node:child_process'

const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** Calls `onFailure` if there is no program that opens addresses, or if it fails. */
export function openInBrowser(url: string, onFailure: () => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const opener = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  opener.on('error', onFailure)
  opener.on('exit', (code) => {
    if (code !== 0) onFailure()
  })
  opener.unref()
}
