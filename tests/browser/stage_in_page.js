// Gives a page of the tests what every scene draws with.

import { Net } from "../../labs/kit/stage/passes.js";
import { Plane } from "../../labs/kit/stage/plane.js";

Object.assign(window, { Net, Plane });
