"""What a short script with OpenCV does with many images: two processes, half of them each.
opencv_batch.py sobel|sharpen INPUTS OUTPUTS QUALITY, of which the middle two are folders."""
import multiprocessing
import os
import sys

import cv2

import opencv_process

job, sources, target, quality = sys.argv[1:]
cv2.setNumThreads(1)


def run(name):
    opencv_process.run(job, f"{sources}/{name}", f"{target}/{name}", int(quality))


with multiprocessing.Pool(2) as pool:
    pool.map(run, os.listdir(sources), chunksize=16)
