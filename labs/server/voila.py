"""Settings of the pages that `run.py app` serves: the labs without their code, for a class."""

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path

import jupyter_server
from voila.handler import VoilaHandler

from labs.server import front, limits, pages

c = get_config()  # noqa: F821 - Voila runs this file with get_config defined

here = Path(__file__).resolve().parent
also = [os.environ["JUPYTER_PATH"]] if "JUPYTER_PATH" in os.environ else []
made = tempfile.mkdtemp(prefix="bp-front-")  # there is the front page, and in share/ the template of the others
atexit.register(shutil.rmtree, made, ignore_errors=True)
front.make(Path(made))
os.environ["JUPYTER_PATH"] = os.pathsep.join([made, str(here / "share"), *also])
# Voila looks among those of Jupyter for the page that asks for the token; nobody sets another token there.
jupyter_server.DEFAULT_TEMPLATE_PATH_LIST.insert(0, str(here / "share" / "voila" / "templates" / "labs"))
c.PasswordIdentityProvider.allow_password_change = False

c.Voila.root_dir = str(here.parents[1])
c.Voila.token = os.environ.pop("JUPYTER_TOKEN", "")  # run.py gives one; kernels need not know it
os.environ.pop("TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR", None)  # for these settings, not for the kernels' own
c.Voila.tornado_settings = {"websocket_max_message_size": 100_000_000}  # a table that is too large gets a sentence
c.Voila.open_browser = False  # run.py opens the first lab
c.Voila.log_level = "WARN"
for name in ("Voila", "tornado.application"):
    logging.getLogger(name).addFilter(pages.worth_saying)
c.Voila.port_retries = 0  # the address that was printed is the one that is served
c.Voila.kernel_websocket_connection_class = "labs.server.connection.PromptConnection"
# Text, pictures and labs appear one after the other while the page still runs; no code, and no traceback.
c.VoilaConfiguration.kernel_spec_manager_class = "labs.server.own_kernel.OwnKernel"
c.VoilaConfiguration.strip_sources = True
c.VoilaConfiguration.progressive_rendering = True
c.VoilaConfiguration.show_tracebacks = False
c.VoilaConfiguration.template = "labs"
c.VoilaConfiguration.prelaunch_hook = pages.prepare
VoilaHandler.redirect_to_file = pages.to_its_lab
c.VoilaConfiguration.allow_theme_override = "YES"  # ?theme=dark

# A page that was closed ends its kernel by itself. One that crashed, fell asleep or was forgotten is ended here.
c.MappingKernelManager.cull_idle_timeout = int(float(os.environ.get("BP_IDLE_SECONDS", "1800")))
c.MappingKernelManager.cull_interval = min(60, max(1, c.MappingKernelManager.cull_idle_timeout // 4))
c.MappingKernelManager.cull_connected = True

c.MappingKernelManager.kernel_manager_class = "labs.server.limits.YieldingKernelManager"
os.environ["BP_PAGE"] = "1"  # tells the labs, see labs/kit/environment.py
limits.bound(os.environ.get("BP_KERNEL_MB", limits.MEGABYTES))
