"""The cloud stack: what is merged into Chalice's template, and the package of one stage.

``python -m infra.stack STAGE FOLDER`` leaves ``template.json``, ``deployment.zip`` and, with
``--layer``, ``layer.zip`` in the folder, ready to be deployed with CloudFormation.
"""
