"""How JupyterLab is served: prompt messages, and nothing between a newcomer and the first lab."""
