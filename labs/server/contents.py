"""What the file browser lists: in labs/ the notebooks, not the code of the labs that lies beside them."""

from pathlib import Path

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

_ROOT = Path(__file__).resolve().parents[2]


class LabContents(AsyncLargeFileManager):
    """The files of JupyterLab. The code of the labs is not listed; opened by its path, it can be read."""

    async def get(self, path, *arguments, **how):
        """Get a file, or a folder with what is listed of it."""
        model = await super().get(path, *arguments, **how)
        if path.strip("/") == "labs" and Path(self.root_dir).resolve() == _ROOT and model["content"]:
            code = {file.name for file in (_ROOT / "labs").iterdir() if file.suffix == ".py" or any(file.glob("*.py"))}
            model["content"] = [entry for entry in model["content"] if entry["name"] not in code]
        return model
