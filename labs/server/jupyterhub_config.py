"""Settings of a JupyterHub that gives each student of a class a JupyterLab with the labs: see docs/classroom.md.

Whoever knows the password of the class gets in, under any name. Each name has a folder with its own copy of the
notebooks; what is written and answered in them stays there.
"""

import os
import shutil
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub runs this file with get_config defined

here = Path(__file__).resolve().parent
root = here.parents[1]
class_folder = Path(os.environ.get("BP_CLASS_FOLDER", Path.home() / "backprop-class"))


def copy_notebooks(spawner):
    """Give a student the notebooks that are not there yet; what the student has is never overwritten."""
    for folder in ("labs", "figures", "docs"):
        copy = class_folder / spawner.user.name / folder
        copy.mkdir(parents=True, exist_ok=True)
        for path in (root / folder).glob("*.*"):
            if path.suffix in (".ipynb", ".png", ".md") and not (copy / path.name).exists():
                shutil.copy(path, copy)


c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ.get("BP_CLASS_PASSWORD", "")  # from 8 characters on
c.SharedPasswordAuthenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"  # students' kernels run as who started the hub
c.SimpleLocalProcessSpawner.home_dir_template = str(class_folder / "{username}")
c.Spawner.pre_spawn_hook = copy_notebooks
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [f"--config={here / 'jupyter_lab_config.py'}"]
c.Spawner.notebook_dir = str(class_folder / "{username}")
c.Spawner.default_url = "/lab/tree/labs/00_start_here.ipynb"
c.Spawner.environment = {
    "BP_KERNEL_MB": os.environ.get("BP_KERNEL_MB", "1500"),  # see limits.py
    "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1",  # no student's JupyterLab runs without its settings
}
c.JupyterHub.db_url = f"sqlite:///{class_folder / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(class_folder / "cookie_secret")
class_folder.mkdir(parents=True, exist_ok=True)
