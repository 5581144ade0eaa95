// An exported page: its data become a session, and a lab.

import { loadKernel } from "./engine.js";
import { build } from "./lab_page.js";
import { bytesOf, lookButton, sessionOf } from "./page_parts.js";
import { RaceSession } from "./race.js";
import { TreesSession } from "./trees.js";
import { where } from "./where.js";
import { say } from "./words.js";
import { WorkbenchSession } from "./workbench.js";

const KINDS = { EpsilonAlphaLab: RaceSession, FamilyTreesLab: TreesSession, Workbench: WorkbenchSession };

async function start() {
  const read = (id) => document.getElementById(id).textContent, about = JSON.parse(read("learning"));
  const how = { others: read("others"), say, where, kinds: KINDS };
  const session = sessionOf(await loadKernel(bytesOf(read("kernel"))), about, how);
  build(document.querySelector(".bp-lab"), session, about, [lookButton()]);
}

start();
