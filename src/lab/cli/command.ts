/** The command as a user types it: in a checkout through npm's script, otherwise by the package's name. */
// The compiled package runs .js files. A checkout runs .ts files, and bundles of them that end in .mjs.
export const COMMAND: string = import.meta.url.endsWith('.js') ? 'npx racelab' : 'npm run lab --'
