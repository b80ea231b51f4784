"""What a short script with OpenCV does: opencv_process.py sobel|sharpen INPUT OUTPUT QUALITY."""
import sys

import cv2
import numpy


def run(job, source, target, quality):
    if job == "sobel":
        image = cv2.imread(source, cv2.IMREAD_GRAYSCALE)
        x = cv2.Sobel(image, cv2.CV_32F, 1, 0)
        y = cv2.Sobel(image, cv2.CV_32F, 0, 1)
        result = cv2.convertScaleAbs(cv2.magnitude(x, y))
    else:
        kernel = numpy.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], numpy.float32)
        result = cv2.filter2D(cv2.imread(source), -1, kernel)
    cv2.imwrite(target, result, [cv2.IMWRITE_JPEG_QUALITY, quality])


if __name__ == "__main__":
    run(*sys.argv[1:4], int(sys.argv[4]))
