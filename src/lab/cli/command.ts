/** How the reader of a hint types the command: from a checkout through npm's script, installed through its name. */
// A checkout runs .ts files, and bundles of them that end in .mjs.
export const COMMAND: string = import.meta.url.endsWith('.js') ? 'npx racelab' : 'npm run lab --'
