/** The one way to stdout. A reader that has gone (a closed pipe) ends the command quietly, with the exit code it has earned. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Called once, before anything is printed. */
export function endQuietlyWhenClosed(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}
