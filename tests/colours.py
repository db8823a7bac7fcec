"""How colours differ for readers: contrast after WCAG 2, and as those see them who see no green."""

import matplotlib as mpl
import numpy as np

# Deuteranopia at full strength, linear RGB (Machado, Oliveira and Fernandes 2009).
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)


def linear(colour):
    rgb = np.array(mpl.colors.to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(a, b="white"):
    """The contrast ratio of two colours: at least 4.5 for text, 3 for marks."""
    light, dark = sorted((linear(colour) @ (0.2126, 0.7152, 0.0722) for colour in (a, b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def without_green(colour):
    return np.clip(DEUTERANOPIA @ linear(colour), 0, 1) ** (1 / 2.2)
