// What the Frame tab asks and shows. qpsviz/session/protocol/frame.py says the same; a test compares both.

/** Kinds of octets, values to pick from, and line rates. */
export interface FrameChoices {
  kinds: Record<string, string>;
  choices: Record<string, string[]>;
  suggestions: Record<string, string[]>;
  rates: string[];
  rate: string;
}

/** What the Frame tab asks; `question` in `tabs.frame.tab` says which parts go together. */
export interface FrameQuestion {
  do?: "follow" | "edit" | "paste" | "repair" | "misread";
  time?: number;
  row?: number;
  octets?: string;
  name?: string;
  text?: string;
  how?: string;
  role?: string;
  dialect?: string;
  rate?: string | null;
  known?: string;
  turn?: number;
}

/** A field: where it is, what it says, and the parameter that can be edited there. */
export interface FrameField {
  name: string;
  label: string;
  offset: number;
  length: number;
  value: string;
  meaning: string;
  note: string;
  kind: string;
  part: string;
  edit: string;
}

/** A field that takes no octet now and can be added. */
export interface AbsentField {
  name: string;
  label: string;
  meaning: string;
  note: string;
}

/** What is wrong: the octet, or the place in a pasted text. */
export interface FrameFault {
  field: string;
  offset: number | null;
  at: number | null;
  message: string;
}

/** A part of a frame in time; without light it has no wavelength. */
export interface FrameSegment {
  name: string;
  start: number;
  duration: number;
  nm: number | null;
}

/** A frame in time; `nm` are its wavelengths, the payload's first. */
export interface FramePlanLayout {
  segments: FrameSegment[];
  total: number;
  nm: number[];
}

/** A frame in time on one wavelength and on two. */
export interface FrameLayouts {
  fault: null;
  n_qubits: number;
  n_kept: number;
  duration: number;
  spacing: number | null;
  time: FramePlanLayout;
  wavelength: FramePlanLayout;
}

/** Why a frame cannot be drawn. */
export interface NoLayouts {
  fault: string;
}

/** Octets as far as they can be read, and what would repair them. */
export interface FrameOctets {
  octets: string;
  n_octets: number;
  fields: FrameField[];
  fault: FrameFault | null;
  repairs: string[];
}

/** A frame without a fault; `change` says in words which octets changed. */
export interface ValidFrame extends FrameOctets {
  role: string;
  dialect: string;
  absent: AbsentField[];
  changed: number[];
  change: string;
  crosses_bridges: boolean;
  layouts: FrameLayouts | NoLayouts;
}

/** Which frame of the run, where it is, and when its neighbours are sent. */
export interface FramePlace {
  row: number;
  title: string;
  place: string;
  previous: number | null;
  next: number | null;
}

/** A frame of the run. */
export interface RunFrame extends ValidFrame, FramePlace {}

/** A frame of the run that no octets can state. */
export interface UnwritableFrame extends FrameOctets, FramePlace {}

/** Why a field keeps its value. */
export interface RefusedEdit {
  fault: FrameFault;
}

/** Octets to paste. */
export interface FrameText {
  text: string;
}
