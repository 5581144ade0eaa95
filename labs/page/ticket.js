// A ticket: a whole lab as a short text, the same that labs/kit/ticket.py writes, and the run that it asks for.

import { deflate } from "./deflate.js";
import { inflate } from "./inflate.js";
import { general, grouped, repr, rint } from "./numbers.js";
import { checkedRecipe, whole } from "./recipe.js";
import { drawnStart, Run } from "./run.js";
import { sha256 } from "./sha256.js";

const VERSION = 1;
const LONGEST_TEXT = 150_000, LONGEST_BODY = 400_000; // characters of a ticket; bytes of what it holds
const LONGEST_RUN = 100_000, LONGEST_MARK = 120; // sweeps; characters
const MOST_PRODUCTS = 5e11, MOST_NUMBERS = 5e7, KEPT = 4096; // what a run may take, see ticket.py
const FORM = /bp(\d{1,6})\.([A-Za-z0-9_-]*)\.([0-9a-f]{8})/g;
const BETWEEN = /^[>\s]+|\s|[\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/gm; // in a mail
const SAYS = ["engine", "every", "held", "instant", "marks", "phases", "seed", "settings", "shown", "speed", "start",
  "sweeps", "waits", "weights"];
const PHASE = ["start", "epsilon", "alpha", "weight_decay"];

// ---- from a run to a text

// The ticket of a run. `about` is what a lab knows besides: { lab, seed, speed, instant, settings, marks, shown }. lab
// is the name of its class, shown its choices that are not settings, of which `parse` has kept what is a float in
// Python. Numbers of the settings are floats, but for those whose names are in `wholes`; see `wholesIn`.
export function ticketOf(run, about, wholes = []) {
  checkRun(run.task, run.network, run.runs, run.sweeps, run.kept.every);
  const { lab, seed, speed, instant, settings, marks, shown = {} } = about;
  const said = Object.entries(settings).map(([name, value]) => [name, wholes.includes(name) ? value : asFloats(value)]);
  return written({
    lab, seed, speed: new Float(speed), instant, settings: Object.fromEntries(said), marks, shown,
    phases: run.recipe.phases.map(({ start, epsilon, alpha, weight_decay: decay }) => (
      [start, ...[epsilon, alpha, decay].map(asFloats)]
    )),
    held: run.recipe.held, start: startOf(run), sweeps: run.sweeps, waits: run.waits, every: run.kept.every,
    engine: "compiled", weights: fingerprint(run.w),
  });
}

// The ticket that holds plain values.
export function written(told) {
  const content = bytesOf(json(told));
  if (content.length > LONGEST_BODY) {
    throw new Error(`a ticket would hold ${grouped(content.length)} bytes, and ${grouped(LONGEST_BODY)} are allowed`);
  }
  const body = base64(deflate(content)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const ticket = `bp${VERSION}.${body}.${check(body)}`;
  if (ticket.length > LONGEST_TEXT) {
    const many = grouped(ticket.length);
    throw new Error(`a ticket would have ${many} characters, and ${grouped(LONGEST_TEXT)} are allowed`);
  }
  return ticket;
}

// Eight characters that tell weights apart: of all of them, rounded to the fifth digit of the largest.
export function fingerprint(w) {
  const largest = w.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = largest > 1e-200 ? Number(`1e${Number(largest.toExponential().split("e")[1]) - 4}`) : 1;
  const rounded = BigInt64Array.from(w, (value) => BigInt(rint(value / unit)));
  return sha256(new Uint8Array(rounded.buffer)).slice(0, 8);
}

// Where a run began, w and deltaW as base64 of doubles; null if its seed says it.
function startOf(run) {
  const { w, deltaW } = run.start, drawn = drawnStart(run.task, run.recipe, run.seed, run.runs);
  if (!deltaW.some(Boolean) && w.every((value, k) => value === drawn[k])) return null;
  return [w, deltaW].map((numbers) => base64(new Uint8Array(Float64Array.from(numbers).buffer)));
}

// A number that Python has as a float: it is written with a point.
class Float {
  constructor(value) {
    this.value = value;
  }
}

function asFloats(value) {
  if (value?.map || ArrayBuffer.isView(value)) return Array.from(value, asFloats);
  return typeof value === "number" ? new Float(value) : value;
}

// JSON as Python's json.dumps writes it, without spaces.
function json(value) {
  if (value instanceof Float) return repr(value.value);
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (typeof value === "string") {
    const escaped = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (c) => (c === "\x7f" ? c : escaped(c)));
  }
  if (!value || typeof value !== "object") return String(value ?? null);
  return `{${Object.entries(value).map(([name, one]) => `${json(name)}:${json(one)}`).join(",")}}`;
}

// JSON.parse, which keeps in mind which numbers are floats in Python; see `plain`.
export function parse(text) {
  const mark = (token) => (/^"|^-?\d+$/.test(token) ? token : `{"a float":${token}}`);
  return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, mark), (_, value) => (
    typeof value?.["a float"] === "number" ? new Float(value["a float"]) : value
  ));
}

// What `parse` gives, with nothing but numbers.
export function plain(value) {
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

// Names of the settings, as `parse` gives them, whose numbers are whole in Python.
export function wholesIn(settings) {
  return Object.keys(settings).filter((name) => ![settings[name]].flat(Infinity).some((one) => one instanceof Float));
}

// ---- from a text to a run

// What a ticket holds; an error in one sentence if it is none. It may be a link, or a mail that holds it. In `written`
// is the same as `parse` gives it.
export function readTicket(text) {
  if (text.length > LONGEST_TEXT) {
    throw new Error(`the ticket has ${grouped(text.length)} characters; at most ${grouped(LONGEST_TEXT)} are expected`);
  }
  const found = [...text.replace(BETWEEN, "").matchAll(FORM)];
  if (!found.length) {
    throw new Error("this is no ticket, or only a part of one; a text such as bp1.\u2026.1a2b3c4d is expected");
  }
  const [, version, body, digits] = found.find((form) => form[3] === check(form[2])) ?? found[0];
  if (Number(version) !== VERSION) {
    throw new Error(`the ticket is of version ${Number(version)}; this lab reads version ${VERSION}`);
  }
  if (digits !== check(body)) {
    throw new Error(
      "the ticket was changed or is cut short: its checksum does not fit; a whole one is expected",
    );
  }
  return bodyOf(body);
}

function bodyOf(body) {
  let parsed;
  try {
    const packed = fromBase64(body.replaceAll("-", "+").replaceAll("_", "/"));
    parsed = parse(new TextDecoder("utf-8", { fatal: true }).decode(inflate(packed, LONGEST_BODY)));
  } catch {
    throw new Error("the ticket holds nothing that can be read; one that a lab wrote is expected");
  }
  const told = plain(parsed);
  if (typeof told?.lab !== "string") throw new Error("the ticket names no lab; one that a lab wrote is expected");
  const missing = SAYS.find((name) => !(name in told));
  if (missing) throw new Error(`the ticket does not say '${missing}'; one that a lab wrote is expected`);
  return { ...told, written: parsed };
}

// The run of a ticket, learnt anew, for the task that its lab and settings ask for; see `agrees`.
export function runOf(kernel, task, told, how = {}) {
  try {
    return learntAnew(kernel, task, told, how);
  } catch (wrong) {
    throw new Error(`the ticket cannot be followed: ${wrong.message}`);
  }
}

function learntAnew(kernel, task, told, how) {
  const sweeps = whole(told.sweeps, "the number of sweeps", 0, LONGEST_RUN);
  const every = whole(told.every, "the sweeps between kept weights", 1, LONGEST_RUN);
  for (const [sweep, text] of told.marks) {
    whole(sweep, "the sweep of a mark", 0, LONGEST_RUN);
    if (typeof text !== "string" || text.length > LONGEST_MARK || /\p{C}/u.test(text)) {
      throw new Error(`a mark says '${text}'; a few plain words are expected`);
    }
  }
  const phases = told.phases.map((phase) => Object.fromEntries(PHASE.map((name, k) => [name, phase[k]])));
  const recipe = { ...task.recipe, phases, held: told.held.map((k) => whole(k, "the place of a weight that is held")) };
  const run = new Run(kernel, task, checkedRecipe(recipe), told.seed, { ...how, keepEvery: every });
  checkRun(task, run.network, run.runs, sweeps, every);
  if (told.start) run.begin(...told.start.map((text) => new Float64Array(fromBase64(text).buffer)));
  for (const [first, end] of told.waits) { // stretches in which solved runs wait for the others
    run.learn(Math.max(0, Math.min(whole(first, "a sweep"), sweeps) - run.sweeps));
    run.learn(Math.max(0, Math.min(whole(end, "a sweep"), sweeps) - run.sweeps), { untilSolved: true });
  }
  run.learn(Math.max(0, sweeps - run.sweeps));
  return run;
}

// Whether a run stands at the weights of a ticket, as far as another processor's rounding allows to say.
export const agrees = (run, told) => run.sweeps === told.sweeps && fingerprint(run.w) === told.weights;

// Refuse a run that would take hours, or all of the memory.
function checkRun({ cases }, network, runs, sweeps, every) {
  const links = network.upward.flatMap(({ into }) => into).reduce((sum, { place }) => sum + place.to * place.from, 0);
  const products = runs * sweeps * Object.values(cases.inputs)[0].length * links;
  const numbers = 2 * runs * Math.min(Math.floor(sweeps / every) + 1, KEPT) * network.weights;
  for (const [found, most, what] of [
    [products, MOST_PRODUCTS, "products of a weight and a state"],
    [numbers, MOST_NUMBERS, "numbers in its kept weights"],
  ]) {
    const [many, allowed] = [found, most].map((number) => general(number, 2));
    if (found > most) throw new Error(`the run takes ${many} ${what}; a ticket may ask for ${allowed}`);
  }
}

// ---- bytes

const bytesOf = (text) => new TextEncoder().encode(text);

const check = (body) => sha256(bytesOf(body)).slice(0, 8);

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
