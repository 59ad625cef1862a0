// What is chosen on the tab, as questions and links have it.

/** @typedef {{ network: string, pairs: string, arrivals: string, n_frames_per_session: number, load: number, variant: string }} TrafficChoice */

/** A choice from the text of a link or story. @param {string} text @returns {TrafficChoice} */
export function readChoice(text) {
  const [network, pairs, arrivals, frames, load, variant] = text.split(",");
  return { network, pairs, arrivals, n_frames_per_session: Number(frames), load: Number(load), variant };
}

/** The text of a choice. @param {TrafficChoice} choice */
export function writeChoice(choice) {
  const { network, pairs, arrivals, n_frames_per_session: frames, load, variant } = choice;
  return [network, pairs, arrivals, frames, Number(load.toFixed(4)), variant].join(",");
}

/** Whether a network was opened from a file, which no link can hold. @param {TrafficChoice} choice */
export function isOwn(choice) {
  return choice.network.startsWith("own-");
}
