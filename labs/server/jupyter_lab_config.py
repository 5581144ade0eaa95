"""Settings of the JupyterLab that `run.py lab` starts."""

from pathlib import Path

c = get_config()  # noqa: F821 - JupyterLab runs this file with get_config defined

c.ServerApp.root_dir = str(Path(__file__).resolve().parents[2])
c.ServerApp.kernel_websocket_connection_class = "labs.server.connection.PromptConnection"
c.ServerApp.open_browser = False  # run.py opens the first lab
c.ServerApp.answer_yes = True  # Ctrl-C stops without asking back
c.ServerApp.log_level = "WARN"
c.ServerApp.port_retries = 0  # the address that was printed is the one that is served

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
