"""Settings of the JupyterLab that `run.py lab` starts."""

import os
from pathlib import Path

from labs.server import limits

c = get_config()  # noqa: F821 - JupyterLab runs this file with get_config defined

here = Path(__file__).resolve().parent
os.environ.pop("TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR", None)  # for these settings, not for the kernels' own

c.ServerApp.root_dir = str(here.parents[1])
c.ServerApp.kernel_spec_manager_class = "labs.server.own_kernel.OwnKernel"
c.ServerApp.contents_manager_class = "labs.server.contents.LabContents"
c.ServerApp.kernel_websocket_connection_class = "labs.server.connection.PromptConnection"
c.ServerApp.tornado_settings = {"websocket_max_message_size": 100_000_000}  # a table that is too large gets a sentence
c.ServerApp.open_browser = False  # run.py opens the first lab
c.ServerApp.answer_yes = True  # Ctrl-C stops without asking back
c.ServerApp.allow_root = True  # containers; it listens on localhost only, and asks for a token
c.Application.log_level = "WARN"
c.ServerApp.port_retries = 0  # the address that was printed is the one that is served
if "BP_KERNEL_MB" in os.environ:  # a machine that is shared: see jupyterhub_config.py
    limits.bound(os.environ["BP_KERNEL_MB"])
    c.MappingKernelManager.cull_idle_timeout = 3600
    c.MappingKernelManager.cull_connected = True
c.LanguageServerManager.autodetect = False  # nobody programs here; looking for language servers takes time and warns

# Where Voila is installed, it would run the settings of pages without code (voila.py, beside this file) here too.
c.ServerApp.jpserver_extensions = {"voila.server_extension": False}

# labconfig/ beside this file turns off three extensions: no news, and no question whether news is wanted; no new icon
# in the tab whenever the kernel is busy, which a live view makes it many times a second, at a third of its frames; no
# button of Voila; not the kernel of the static site, whose file is loaded all the same and complains in the console.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
also = [os.environ["JUPYTER_CONFIG_PATH"]] if "JUPYTER_CONFIG_PATH" in os.environ else []
os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(here), *also])
