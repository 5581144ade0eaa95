// Gives a page of the tests the net that every scene draws.

import { Net } from "../../labs/kit/stage/passes.js";

window.Net = Net;
