/** How the reader of a hint types the command: from a checkout through npm's script, installed through its name. */
export const COMMAND: string = import.meta.url.endsWith('.ts') ? 'npm run lab --' : 'npx racelab'
