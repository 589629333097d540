"""The services that the sandbox can pretend to be; a new one is a module here and a line below."""

from sandbox.dialects import azure, nebius
from sandbox.translation import Service

SERVICES = {
    "openai": Service(),
    "azure": azure.SERVICE,
    "nebius": nebius.SERVICE,
}
